/**
 * Form of a generated administrator's password: all four kinds of characters, of which Azure asks for three, and none that a shell or
 * XML reads.
 */
export const passwordLength = 32;
export const passwordSpecials = "!@#%*-_=+";
