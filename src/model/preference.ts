/** Entities that one person may star. */
export const MOST_STARS = 200;

/** Views that one person, or one group, may save. */
export const MOST_VIEWS = 100;

/** As the team of Home: everything, whoever owns it. */
export const EVERYTHING = '*';
