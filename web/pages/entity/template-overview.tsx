import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { Panel } from '../../ui/panel.tsx';
import { templateInputs, templateSteps } from './template-outline.ts';

/** A template, to read: what it asks and what it then does. */
export function TemplateOverview({ entity }: { readonly entity: RenderedEntity }): ReactNode {
  const inputs = templateInputs(entity.spec?.['parameters']);
  const steps = templateSteps(entity.spec?.['steps']);
  return (
    <>
      <Panel title="What it asks" aside={`${inputs.length}`}>
        {inputs.length === 0 && <p className="panel-empty">It asks nothing.</p>}
        {inputs.length > 0 && (
          <div className="table-frame">
            <table className="table table-stack">
              <caption className="visually-hidden">Inputs</caption>
              <thead>
                <tr>
                  <th scope="col">Input</th>
                  <th scope="col">Type</th>
                  <th scope="col">Answer</th>
                  <th scope="col">What it is</th>
                </tr>
              </thead>
              <tbody>
                {inputs.map(({ page, name, title, type, isRequired, description }) => (
                  <tr key={`${page} ${name}`}>
                    <th scope="row">
                      {title} {title !== name && <code className="faint">{name}</code>}
                    </th>
                    <td>{type}</td>
                    <td>{isRequired ? 'required' : <span className="faint">optional</span>}</td>
                    <td className="wrap">{description}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
      <Panel title="What it does" aside={`${steps.length}`}>
        {steps.length === 0 && <p className="panel-empty">It has no step.</p>}
        <ol className="template-steps">
          {steps.map(({ id, name, action, condition }) => (
            <li key={id}>
              {name} <code className="faint">{action}</code>
              {condition !== undefined && (
                <span className="faint">
                  {' '}
                  if <code>{condition}</code>
                </span>
              )}
            </li>
          ))}
        </ol>
      </Panel>
    </>
  );
}
