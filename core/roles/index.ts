/** The custom roles for people and jobs, by the names of their files. */
import { deployer } from "./deployer.ts";
import { doctor } from "./doctor.ts";
import { operator } from "./operator.ts";
import { requester } from "./requester.ts";
import type { Role } from "./role.ts";

export const roles = { deployer, doctor, operator, requester } as const satisfies Readonly<Record<string, Role>>;
