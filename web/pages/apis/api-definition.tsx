import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useTyped } from '../../ui/typed-text.ts';
import type { Reading } from './api-outline.ts';
import { readDefinition } from './definition-reader.ts';
import { useDefinitionSearch, type DefinitionSearch } from './definition-search.ts';
import { OutlineView } from './outline-view.tsx';
import { sourceLanguage } from './source-language.ts';
import { SourceView } from './source-view.tsx';

/**
 * The definition of an API as an outline that can be searched and opened, and as its text. What is open stands in the
 * URL of the page (`definition-search.ts`). Nothing is fetched from elsewhere and nothing in a definition is run.
 *
 * @param type `spec.type` of the API
 * @param definition `spec.definition` of the API
 */
export function ApiDefinition({ type, definition }: { readonly type: string; readonly definition: string }): ReactNode {
  const reading = useReading(type, definition);
  const [search, change] = useDefinitionSearch();
  if (reading === undefined) return <Skeleton rows={8} label="Reading the definition" />;
  const outline = reading.status === 'read' ? reading.outline : undefined;
  const isSource = outline === undefined || search.as === 'source';
  return (
    <section className="api" aria-label="Definition">
      <header className="api-head">
        <div className="api-title">
          <h2>{outline?.title ?? 'Definition'}</h2>
          <p className="faint">
            {[outline?.format ?? type, outline?.version && `version ${outline.version}`].filter(Boolean).join(' · ')}
          </p>
        </div>
        <div className="api-tools">
          {!isSource && <FindField search={search} change={change} />}
          {outline !== undefined && <ViewChoice isSource={isSource} change={change} />}
          <CopyButton text={definition} label="Copy the definition" />
        </div>
      </header>
      {reading.status === 'failed' && <Unreadable message={reading.message} line={reading.line} />}
      {reading.status === 'plain' && <p className="api-plain">{reading.reason}</p>}
      {isSource ? (
        <SourceView
          text={definition}
          language={sourceLanguage(type, definition)}
          wrongLine={reading.status === 'failed' ? reading.line : undefined}
        />
      ) : (
        <OutlineView outline={outline} search={search} change={change} />
      )}
    </section>
  );
}

/** What the definition says; undefined until it is read. Of a changed one the old outline stays until the new one is there. */
function useReading(type: string, definition: string): Reading | undefined {
  const [read, setRead] = useState<Reading>();
  useEffect(() => {
    let isWanted = true;
    const show = (reading: Reading): void => {
      if (isWanted) setRead(reading);
    };
    readDefinition(type, definition).then(show, () =>
      show({ status: 'failed', message: 'The reader of this format could not be loaded' }),
    );
    return () => {
      isWanted = false;
    };
  }, [type, definition]);
  return read;
}

function FindField({
  search,
  change,
}: {
  readonly search: DefinitionSearch;
  readonly change: (next: DefinitionSearch) => void;
}): ReactNode {
  const [text, type] = useTyped(search.find ?? '', (find) => change({ find: find === '' ? undefined : find }));
  return (
    <input
      type="search"
      className="field api-find"
      aria-label="Find an operation or type"
      placeholder="Find an operation or type"
      value={text}
      onChange={(event) => type(event.target.value)}
    />
  );
}

function ViewChoice({
  isSource,
  change,
}: {
  readonly isSource: boolean;
  readonly change: (next: DefinitionSearch) => void;
}): ReactNode {
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">Show the definition as</legend>
      <button type="button" className="segment" aria-pressed={!isSource} onClick={() => change({ as: undefined })}>
        Outline
      </button>
      <button type="button" className="segment" aria-pressed={isSource} onClick={() => change({ as: 'source' })}>
        Source
      </button>
    </fieldset>
  );
}

/** The text stays readable below. */
function Unreadable({ message, line }: { readonly message: string; readonly line: number | undefined }): ReactNode {
  return (
    <div className="failure" role="alert">
      <p className="failure-title">
        <Mark state="degraded">The definition cannot be read</Mark>
      </p>
      <p>
        {line !== undefined && `Line ${line.toLocaleString()}: `}
        {message}
      </p>
    </div>
  );
}
