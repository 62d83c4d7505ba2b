import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { SchemaField } from './api-outline.ts';
import { Prose } from './prose.tsx';

/** Characters of the description of one row that are shown. */
const MAX_CHARACTERS = 2000;

/**
 * Rows of a schema, each opened by whoever wants to see what lies below.
 *
 * @param isFolded whether the row that stands for the whole begins closed
 */
export function FieldTree({
  fields,
  isFolded,
  label,
}: {
  readonly fields: readonly SchemaField[];
  readonly isFolded: boolean;
  readonly label?: string;
}): ReactNode {
  return (
    <ul className="plain api-fields" aria-label={label}>
      {fields.map((field, at) => (
        // A schema may name one thing twice.
        // oxlint-disable-next-line react/no-array-index-key
        <FieldRow key={`${field.name} ${at}`} field={field} isWhole={field.name === '' && !isFolded} />
      ))}
    </ul>
  );
}

function FieldRow({ field, isWhole }: { readonly field: SchemaField; readonly isWhole: boolean }): ReactNode {
  const [isOpen, setIsOpen] = useState(isWhole);
  const below = useMemo(() => (isOpen ? field.fields?.() : undefined), [isOpen, field]);
  const { name, type, isRequired, isDeprecated, description, notes } = field;
  const words = (
    <>
      {name !== '' && <code className={isDeprecated ? 'api-field is-deprecated' : 'api-field'}>{name}</code>}
      <span className="api-type">{type}</span>
    </>
  );
  const marks = [isRequired && 'required', isDeprecated && 'deprecated'].filter(Boolean).join(', ');
  return (
    <li className="api-row">
      <div className="api-row-line">
        {field.fields === undefined ? (
          <span className="api-row-words">{words}</span>
        ) : (
          <button
            type="button"
            className="api-row-words api-row-toggle"
            aria-expanded={isOpen}
            onClick={() => setIsOpen(!isOpen)}
          >
            {words}
          </button>
        )}
        {marks !== '' && <span className="api-marks">{marks}</span>}
        {notes.length > 0 && <span className="api-notes">{notes.join(' · ')}</span>}
      </div>
      {description !== undefined && (
        <div className="api-row-more">
          <Prose text={description} most={MAX_CHARACTERS} />
        </div>
      )}
      {below !== undefined && below.length > 0 && <FieldTree fields={below} isFolded />}
    </li>
  );
}
