/** A process that folds log files with nothing but Node: line by line, each with `JSON.parse`. The folder comes in its argument. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { listFolder } from "bastion-trail/audit/sources/folder";

interface Line {
  time: string;
  properties: { tunnelId: string; message: string; sessionEndTime?: string };
}

const { folder } = JSON.parse(process.argv[2] ?? "{}") as { folder: string };
const { files } = await listFolder(folder);
const begin = performance.now();
const sessions = new Map<string, { start: string; end: string | undefined; message: string; records: number }>();
let records = 0;
for (const file of files) {
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const { time, properties } = JSON.parse(text) as Line;
    records += 1;
    const session = sessions.get(properties.tunnelId);
    if (session === undefined) {
      const { tunnelId, message, sessionEndTime: end } = properties;
      sessions.set(tunnelId, { start: time, end, message, records: 1 });
    } else {
      session.start = time < session.start ? time : session.start;
      session.end ??= properties.sessionEndTime;
      session.records += 1;
    }
  }
}
process.stdout.write(JSON.stringify({ milliseconds: performance.now() - begin, records, sessions: sessions.size }));
