import { once } from "node:events";
import { createServer } from "node:net";
import { UserError } from "../../errors.ts";
import { errorCode } from "../../files/fileErrors.ts";

/** Reports that no tunnel can be opened on a local port: the Azure CLI would find out only when the VM's port is open. */
export async function localPortProblem(port: number): Promise<UserError | undefined> {
  const server = createServer().listen({ port, host: "127.0.0.1", exclusive: true });
  try {
    await once(server, "listening");
    server.close();
    return undefined;
  } catch (error) {
    switch (errorCode(error)) {
      case "EADDRINUSE":
        return new UserError(`The local port ${port} is in use by another program.`, "Pass another one as --tunnel.");
      case "EACCES":
        return new UserError(`You may not use the local port ${port}.`, "Pass one from 1024 up as --tunnel.");
      default:
        throw error;
    }
  }
}
