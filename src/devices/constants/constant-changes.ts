/** What may be done to constants for the devices that they are on. */
export const constantChanges = ['dtypes', 'copies'] as const;
export type ConstantChange = (typeof constantChanges)[number];
