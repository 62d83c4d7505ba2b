import type { ReactNode } from 'react';
import { EntityLink } from '../../ui/entity-link.tsx';

const collectives: Readonly<Record<string, string>> = {
  everyone: 'everyone who is signed in',
  guests: 'guests',
};

/** Who has a role: people and groups lead to their pages. */
export function SubjectList({ subjects }: { readonly subjects: readonly string[] }): ReactNode {
  if (subjects.length === 0) return <span className="faint">nobody</span>;
  return (
    <ul className="plain inline-list">
      {subjects.map((subject) => (
        <li key={subject}>
          <Subject subject={subject} />
        </li>
      ))}
    </ul>
  );
}

/** One principal or group; services and outside callers are no entities. */
export function Subject({ subject }: { readonly subject: string }): ReactNode {
  if (Object.hasOwn(collectives, subject)) return <>{collectives[subject]}</>;
  return /^(user|group):/.test(subject) ? <EntityLink entityRef={subject} /> : <code>{subject}</code>;
}
