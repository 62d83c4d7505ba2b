import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn } from '../support/signed-in.ts';
import { describeInBrowser } from './browser.ts';
import { openHouse, type House } from './people.ts';

describeInBrowser('pages of who may do what', ({ open, webFolder }) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(webFolder());
  });
  afterAll(() => house.close());

  test('a role is written with completion, its condition mended where the caret points, looked at, saved', async () => {
    const { page, errors, close } = await house.enter(open, 'ada', '/access/new-role');
    await page.getByLabel('Name', { exact: true }).fill('light-crew');
    const permits = page.getByRole('combobox', { name: 'Permits' });
    await permits.pressSequentially('entity.ref');
    await page.getByRole('option', { name: /catalog\.entity\.refresh/ }).waitFor();
    await permits.press('ArrowDown');
    await permits.press('Enter');
    await page.getByRole('button', { name: /^catalog\.entity\.refresh.*take off/ }).waitFor();
    const where = page.getByLabel('Only where');
    await where.fill('metadata.name == "lights" && nosuch(entity)');
    await page.getByRole('button', { name: 'See what changes' }).click();
    await page.getByText('There is no function `nosuch`').waitFor();
    expect(await page.locator('.condition-place').textContent()).toBe(
      'metadata.name == "lights" && nosuch(entity)\n                             ^^^^^^',
    );
    expect(await where.getAttribute('aria-invalid')).toBe('true');
    await where.fill('metadata.name == "curtain"');
    await page.getByRole('button', { name: 'See what changes' }).click();
    await page.getByText('Nothing: nobody gains and nobody loses anything.').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('kept here').waitFor();
    expect(new URL(page.url()).pathname).toBe('/access/roles/light-crew');
    await page.getByRole('link', { name: 'Bind it to somebody' }).click();
    await page.getByLabel('Name', { exact: true }).fill('lights');
    expect(await page.getByLabel('Role').inputValue()).toBe('light-crew');
    const subjects = page.getByRole('combobox', { name: 'Who has it' });
    await subjects.pressSequentially('bob');
    await page.getByRole('option', { name: /user:default\/bob/ }).click();
    await page.getByRole('button', { name: 'See what changes' }).click();
    await page.getByText('Something for 1 principal.').waitFor();
    const row = page.getByRole('row', { name: /bob/ });
    expect(await row.textContent()).toContain('+ catalog.entity.refresh');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('kept here').waitFor();
    await page.goto(`${house.baseUrl}/access?q=light-crew`);
    await page.getByRole('row', { name: /light-crew/ }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    expect(errors).toEqual([]);
    await close();
  });

  test('what was written is kept when one leaves, and what is saved is what was looked at', async () => {
    const { page, errors, close } = await house.enter(open, 'ada', '/access/new-binding');
    await page.getByLabel('Name', { exact: true }).fill('readers');
    await page.getByLabel('Role').selectOption('viewer');
    await page.getByRole('link', { name: 'Catalog' }).click();
    await page.getByRole('row', { name: /lights/ }).waitFor();
    await page.goBack();
    await page.getByText('This is what you were writing here before.').waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('readers');
    await page.getByRole('button', { name: 'See what changes' }).click();
    const save = page.getByRole('button', { name: 'Save' });
    await save.waitFor();
    await page.getByLabel('Role').selectOption('admin');
    await page.getByText('You have changed it since').waitFor();
    expect(await save.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Start over' }).click();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('');
    expect(errors).toEqual([]);
    await close();
  });

  test('who would lock themselves out is told, and has to say that this is meant', async () => {
    const { engine } = await policyOf(house);
    expect(engine).toBe('roles');
    await put(house, 'roles/steward', { rules: [{ permissions: ['access.*.*', 'catalog.*.read'] }] });
    await put(house, 'bindings/stewards', { role: 'steward', subjects: ['user:default/bob'] });
    const { page, errors, close } = await house.enter(open, 'bob', '/access/bindings/stewards');
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByText('You would lock yourself out').waitFor();
    const remove = page.getByRole('button', { name: 'Remove stewards' });
    expect(await remove.isDisabled()).toBe(true);
    await page.getByLabel('I know that I could not undo this myself').check();
    await remove.click();
    await page.getByText('You may not see this.').waitFor();
    const places = page.getByRole('navigation', { name: 'Places' });
    await places.getByRole('link', { name: 'Roles' }).waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
    await close();
  });

  test('what stands in the policy file is read only, with its place; what is wrong there is told', async () => {
    const { page, errors, close } = await house.enter(open, 'ada', '/access/roles/stagehand');
    await page.getByText('It stands in the policy file').waitFor();
    expect(await page.getByText('owns(principal, entity)').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'See what changes' }).count()).toBe(0);
    await writeFile(house.policyFile, `${house.policy}  broken: { role: viewer, subjects: [nobody] }\n`);
    await expect.poll(async () => (await policyOf(house)).problems.length, { timeout: 10_000 }).toBe(1);
    await page.goto(`${house.baseUrl}/access`);
    const problems = page.getByRole('region', { name: 'Problems of the policy' });
    await problems.getByText(/access\.yaml:10:\d+/).waitFor();
    expect(await page.getByRole('row', { name: /stagehand/ }).textContent()).toContain('access.yaml:2');
    await writeFile(house.policyFile, house.policy);
    await expect.poll(async () => (await policyOf(house)).problems.length, { timeout: 10_000 }).toBe(0);
    expect(errors).toEqual([]);
    await close();
  });

  test('why somebody may do something is told rule by rule, by a question that stands in the URL', async () => {
    const { page, errors, close } = await house.enter(open, 'ada', '/access/check');
    await page.getByRole('combobox', { name: 'Who' }).fill('user:default/bob');
    await page.getByRole('combobox', { name: 'May do' }).fill('catalog.entity.delete');
    await page.getByRole('button', { name: 'Ask' }).click();
    await page.getByText('For some entities').waitFor();
    await page.getByRole('combobox', { name: 'To this entity' }).fill('component:default/lights');
    await page.getByRole('button', { name: 'Ask' }).click();
    await page.getByText('Allowed', { exact: true }).waitFor();
    const rule = page.getByRole('row', { name: /stagehand/ });
    expect(await rule.textContent()).toMatch(/stage.*owns\(principal, entity\).*Holds/);
    expect(new URL(page.url()).searchParams.get('entity')).toBe('component:default/lights');
    await page.goto(page.url().replace('lights', 'curtain'));
    await page.getByText('Denied', { exact: true }).waitFor();
    expect(await rule.textContent()).toContain('Does not hold');
    expect(errors).toEqual([]);
    await close();
  });
});

interface Policy {
  readonly engine: string;
  readonly problems: readonly unknown[];
}

async function headersOf(house: House): Promise<Record<string, string>> {
  return { ...(await signIn(house.server, 'user:default/ada')).headers };
}

async function policyOf(house: House): Promise<Policy> {
  const response = await house.server.get('/api/v1/access/policy', { headers: await headersOf(house) });
  return (await response.json()) as Policy;
}

async function put(house: House, path: string, body: object): Promise<void> {
  const response = await house.server.get(`/api/v1/access/${path}`, {
    method: 'PUT',
    headers: { ...(await headersOf(house)), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}
