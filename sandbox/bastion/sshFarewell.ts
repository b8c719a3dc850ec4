/** SSH_DISCONNECT_SERVICE_NOT_AVAILABLE (RFC 4253, section 11.1): a reason that OpenSSH shows even in quiet mode. */
const serviceNotAvailable = 7;
const disconnect = 1;
const blockSize = 8;
const leastPadding = 4;

/**
 * Returns the bytes with which an SSH server refuses every client: a line for clients other than SSH, its version, and
 * the message `SSH_MSG_DISCONNECT`, which is allowed before any key exchange (RFC 4253, sections 4.2, 6 and 11.1).
 */
export function sshFarewell(message: string): Buffer {
  const text = Buffer.from(message);
  const payload = Buffer.concat([
    Buffer.from([disconnect]),
    uint32(serviceNotAvailable),
    uint32(text.length),
    text,
    // The empty language tag.
    uint32(0),
  ]);
  // The length field, the padding's length, the payload and the padding together must fill whole blocks.
  const unpadded = 4 + 1 + payload.length;
  const padding = leastPadding + ((blockSize - ((unpadded + leastPadding) % blockSize)) % blockSize);
  return Buffer.concat([
    Buffer.from(`${message}\r\nSSH-2.0-bastion-trail_sandbox\r\n`),
    uint32(1 + payload.length + padding),
    Buffer.from([padding]),
    payload,
    Buffer.alloc(padding),
  ]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
