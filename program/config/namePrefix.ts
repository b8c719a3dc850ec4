/**
 * Form of the prefix of every resource name, including the storage account name, from which the hyphens are removed.
 */
export const namePrefixForm =
  "2 to 40 lowercase letters, digits and single hyphens, starting with a letter and not ending with a hyphen";
export function isNamePrefix(value: string): boolean {
  return /^[a-z](?:-?[a-z0-9])+$/.test(value) && value.length <= 40;
}
