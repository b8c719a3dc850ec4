/**
 * Words that Azure reserves in names of resources with an endpoint, such as VMs and storage accounts (azure-docs,
 * error-reserved-resource-name.md). It checks the name when the resource is created.
 */

const anywhere = ["microsoft", "windows"];
const atStart = ["login", "xbox"];
const wholeNames = new Set(
  (
    "access azure bing bizspark biztalk cortana directx dotnet dynamics excel exchange forefront groove hololens hyperv " +
    "kinect lync msdn o365 office office365 onedrive onenote outlook powerpoint sharepoint skype visio visualstudio"
  ).split(" "),
);

/** Returns why Azure refuses the name, as a clause; `undefined` if it does not. */
export function reservedNameFault(name: string): string | undefined {
  return wholeNames.has(name.toLowerCase()) ? "is a name that Azure reserves" : reservedPartFault(name);
}

/** Returns why Azure refuses every name that starts like this; `undefined` if it does not. */
export function reservedPartFault(name: string): string | undefined {
  const lower = name.toLowerCase();
  const inside = anywhere.find((word) => lower.includes(word));
  if (inside !== undefined) return `cannot contain "${inside}", which Azure reserves`;
  const first = atStart.find((word) => lower.startsWith(word));
  return first === undefined ? undefined : `cannot start with "${first}", which Azure reserves`;
}
