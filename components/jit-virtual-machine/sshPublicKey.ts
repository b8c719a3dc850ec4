/** SSH public keys that Azure accepts (azure-docs, mac-create-ssh-keys.md, "Supported SSH key formats"; RFC 4253, section 6.6). */

const shortestRsaBits = 2048;

/** Returns what is wrong with a public key, the content of a .pub file; `undefined` if Azure accepts it. */
export function sshKeyFault(text: string): string | undefined {
  const line = sshKeyLine(text);
  const [, algorithm = "", data = ""] = /^(ssh-rsa|ssh-ed25519) ([A-Za-z0-9+/]+={0,2})(?: [^\r\n]*)?$/.exec(line) ?? [];
  if (algorithm === "") {
    const [, other] = /^((?:sk-)?(?:ssh|ecdsa)-[\w.@-]+) AAAA/.exec(line) ?? [];
    return other === undefined || /^ssh-(?:rsa|ed25519)$/.test(other)
      ? 'must be one line, such as "ssh-ed25519 KEY COMMENT" or "ssh-rsa KEY COMMENT", the content of the .pub file'
      : `is a key of type ${other}; Azure accepts only ssh-ed25519 and ssh-rsa`;
  }
  const fields = keyFields(Buffer.from(data, "base64"));
  const [name, ...numbers] = fields ?? [];
  if (name?.toString("latin1") !== algorithm) {
    return `is not a complete ${algorithm} key; copy the whole content of the .pub file`;
  }
  const [first, modulus] = numbers;
  if (algorithm === "ssh-ed25519") {
    return first?.length === 32
      ? undefined
      : `is not a complete ${algorithm} key; copy the whole content of the .pub file`;
  }
  // A leading zero byte makes the modulus a positive number.
  const bits = ((modulus?.length ?? 0) - 1) * 8;
  return bits >= shortestRsaBits
    ? undefined
    : `has ${bits} bits; Azure requires an RSA key of ${shortestRsaBits} or more`;
}

/** Returns the line of a .pub file without the line break at its end. */
export function sshKeyLine(text: string): string {
  return text.trim();
}

/** Returns the length-prefixed fields of a key; `undefined` if the last one is cut off. */
function keyFields(blob: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  let offset = 0;
  while (offset < blob.length) {
    if (offset + 4 > blob.length) return undefined;
    const end = offset + 4 + blob.readUInt32BE(offset);
    if (end > blob.length) return undefined;
    fields.push(blob.subarray(offset + 4, end));
    offset = end;
  }
  return fields;
}
