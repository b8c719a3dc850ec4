/** Name rule of the keys and secrets of a vault ("Object identifiers", Key Vault), for `ResourceType.name`. */
export const itemName = {
  pattern: /^[A-Za-z0-9-]{1,127}$/,
  code: "BadParameter",
  message: (name: string): string => `The request URI contains an invalid name: ${name}`,
};
