/** How complete a descriptor is follows from the descriptor: it is worked out by each server and no longer stored. */
export const completenessNotStored = `
DELETE FROM fact WHERE collector = 'completeness';
DELETE FROM lease WHERE collector = 'completeness';
`;
