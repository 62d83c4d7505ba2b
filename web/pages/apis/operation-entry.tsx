import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Mark } from '../../ui/mark.tsx';
import type { ApiOperation, Example, OperationPart } from './api-outline.ts';
import { FieldTree } from './field-tree.tsx';
import { Prose } from './prose.tsx';

/** One operation or type: a line, and what belongs to it when it is open. */
export function OperationEntry({
  id,
  operation,
  isOpen,
  onToggle,
}: {
  readonly id: string;
  readonly operation: ApiOperation;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}): ReactNode {
  const { verb, name, summary, isDeprecated } = operation;
  return (
    <li className="api-op" id={id}>
      <h4>
        <button
          type="button"
          className="api-op-line"
          aria-expanded={isOpen}
          aria-controls={isOpen ? `${id}-body` : undefined}
          onClick={onToggle}
        >
          <span className="api-verb">{verb}</span>
          <code className={isDeprecated ? 'api-name is-deprecated' : 'api-name'}>{name}</code>
          {summary !== undefined && <span className="api-summary">{summary}</span>}
          {isDeprecated && <Mark state="warning">Deprecated</Mark>}
        </button>
      </h4>
      {isOpen && (
        <div className="api-op-body" id={`${id}-body`}>
          <OperationBody operation={operation} />
        </div>
      )}
    </li>
  );
}

function OperationBody({ operation }: { readonly operation: ApiOperation }): ReactNode {
  const parts = useMemo(() => operation.parts().map((part, at) => ({ part, at })), [operation]);
  const command = useMemo(() => operation.command?.(), [operation]);
  return (
    <>
      {operation.description !== undefined && operation.description !== '' && <Prose text={operation.description} />}
      {parts.map(({ part, at }) => (
        <Part key={at} part={part} />
      ))}
      {command !== undefined && (
        <div className="api-part">
          <h5>
            Call with curl <CopyButton text={command} label="Copy as curl" />
          </h5>
          <Code text={command} label="The call as a curl command" />
        </div>
      )}
    </>
  );
}

function Part({ part }: { readonly part: OperationPart }): ReactNode {
  return (
    <div className="api-part">
      <h5>
        {part.title} {part.detail !== undefined && <span className="faint">{part.detail}</span>}
      </h5>
      {part.description !== undefined && <Prose text={part.description} />}
      {part.fields.length > 0 && (
        <FieldTree fields={part.fields} isFolded={part.isFolded === true} label={`${part.title}: fields`} />
      )}
      {part.examples.map((example) => (
        <ExampleText key={example.title} example={example} />
      ))}
    </div>
  );
}

function ExampleText({ example }: { readonly example: Example }): ReactNode {
  return (
    <details className="api-example">
      <summary>{example.title}</summary>
      <Code text={example.text} label={example.title} />
      <CopyButton text={example.text} label={`Copy ${example.title}`} />
    </details>
  );
}

function Code({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  return (
    // What scrolls must be reachable by keyboard (WCAG 2.1.1).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className="api-code" tabIndex={0} aria-label={label}>
      {text}
    </pre>
  );
}
