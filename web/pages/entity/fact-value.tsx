import type { ReactNode } from 'react';

/** The value of a fact as people read it: yes and no, lists with commas, small maps as key and value. */
export function FactValue({ value }: { readonly value: unknown }): ReactNode {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value);
    if (entries.length > 0 && entries.every(([, item]) => isScalar(item))) {
      return entries.map(([key, item], at) => (
        <span key={key}>
          {at > 0 && ', '}
          <span className="faint">{key}</span> {scalarText(item)}
        </span>
      ));
    }
  }
  if (Array.isArray(value) && value.every(isScalar)) {
    return value.length === 0 ? <span className="faint">none</span> : value.map(scalarText).join(', ');
  }
  return isScalar(value) ? scalarText(value) : <code>{JSON.stringify(value)}</code>;
}

type Scalar = string | number | boolean | null;

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function scalarText(value: Scalar): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? value.toLocaleString() : String(value);
}
