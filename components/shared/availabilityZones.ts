/** Availability zones of a region, as numbered by Azure for a subscription. */
export const availabilityZones: readonly string[] = ["1", "2", "3"];

/** The zones in a message. Azure takes them as text. */
export const quotedZones = availabilityZones.map((zone) => `"${zone}"`).join(", ");
