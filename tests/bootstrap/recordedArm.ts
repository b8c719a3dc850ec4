import type { ArmClient } from "../../components/shared/armClient.ts";
import { RequestFailure } from "../../components/shared/armRequest.ts";

export type Answers = Readonly<Record<string, object | readonly (object | undefined)[] | undefined>>;

/**
 * A control plane that gives the answers it is told.
 * @param answers - by method and path without the query; several in turn, of which the last stays; `undefined` is a 404.
 */
export function recordedArm(answers: Answers): { arm: ArmClient; sent: readonly (readonly unknown[])[] } {
  const left = new Map<string, unknown[]>(
    Object.entries(answers).map(([key, answer]) => [
      key,
      Array.isArray(answer) ? [...(answer as unknown[])] : [answer],
    ]),
  );
  const sent: (readonly unknown[])[] = [];
  return {
    sent,
    arm: {
      send(method, path, content) {
        sent.push(content === undefined ? [method, path] : [method, path, content.body]);
        const queue = left.get(`${method} ${path.replace(/\?.*$/, "")}`) ?? [];
        const answer = queue.length > 1 ? queue.shift() : queue[0];
        if (answer !== undefined) return Promise.resolve(answer);
        return Promise.reject(new RequestFailure(`${method} ${path} answered 404`, { status: 404 }));
      },
    },
  };
}
