/** The name by which one stack refers to another. In a self-managed backend the organization is "organization". */
export const stackNameForm = 'must be ORGANIZATION/PROJECT/STACK, such as "organization/bastion-trail/hub"';

export function isStackName(value: string): boolean {
  return /^[\w.-]+\/[\w.-]+\/[\w.-]+$/.test(value);
}
