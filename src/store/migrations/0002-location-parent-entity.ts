/** Locations know the Location entity that names them: for the way from an entity up to its root, and for its status. */
export const locationParentEntity = `
ALTER TABLE location ADD COLUMN parent_entity TEXT;
`;
