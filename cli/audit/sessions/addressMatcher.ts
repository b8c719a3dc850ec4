import ipaddr from "ipaddr.js";

/**
 * Returns a test for client addresses that match an address or a range such as `203.0.113.0/24`. IPv4-mapped IPv6
 * (`::ffff:203.0.113.7`) is treated as IPv4.
 * @throws RangeError if `text` is neither.
 */
export function addressMatcher(text: string): (address: string | null) => boolean {
  const range = rangeOf(text);
  return (address) => {
    if (address === null || !ipaddr.isValid(address)) {
      return false;
    }
    const parsed = ipaddr.process(address);
    const [base, bits] = range;
    return parsed.kind() === base.kind() && parsed.match(base, bits);
  };
}

function rangeOf(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (ipaddr.isValidCIDR(text)) {
    return ipaddr.parseCIDR(text);
  }
  if (ipaddr.isValid(text)) {
    const address = ipaddr.process(text);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  }
  throw new RangeError(`'${text}' is neither an IP address nor a range such as 203.0.113.0/24.`);
}
