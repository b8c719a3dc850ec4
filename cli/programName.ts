export const programName = "bastion-trail";
