/// <reference lib="dom" />
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const EXECUTABLE = '/usr/bin/chromium';
const root = resolve(import.meta.dirname, '../..');

/** What the tests of one file share: a browser, and the web interface built from the sources as they are. */
export interface BrowserSuite {
  /** Folder of the built web interface, for `startTestServer`. */
  readonly webFolder: () => string;
  /** Opens a page whose errors are noted; `expectClean` holds them against nothing. */
  readonly open: (url: string, options?: BrowserContextOptions) => Promise<WatchedPage>;
}

/** A page and what went wrong on it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of the console, uncaught errors, violations of the content security policy. */
  readonly errors: string[];
  close(): Promise<void>;
}

/**
 * A `describe` with a browser. Without Chromium it is skipped, loudly; where `CI` is set it fails, so that no green run
 * hides that nothing was looked at.
 */
export function describeInBrowser(name: string, body: (suite: BrowserSuite) => void): void {
  if (!existsSync(EXECUTABLE)) {
    if (process.env['CI'] !== undefined) {
      test(name, () => expect.fail(`Chromium is missing: ${EXECUTABLE} (apt-get install chromium)`));
      return;
    }
    console.warn(`SKIPPED: "${name}" needs ${EXECUTABLE} (apt-get install chromium)`);
    describe.skip(name, () => body({ webFolder: missing, open: missing }));
    return;
  }
  describe(name, () => {
    let browser: Browser;
    let webFolder: string;
    beforeAll(async () => {
      webFolder = mkdtempSync(join(tmpdir(), 'callboard-web-'));
      execFileSync(process.execPath, [join(root, 'tools/build-web.mjs'), webFolder], { cwd: root, stdio: 'pipe' });
      browser = await chromium.launch({
        executablePath: EXECUTABLE,
        args: [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      });
    });
    afterAll(async () => {
      await browser.close();
      rmSync(webFolder, { recursive: true, force: true });
    });
    body({ webFolder: () => webFolder, open: (url, options) => openWatched(browser, url, options) });
  });
}

function missing(): never {
  throw new Error('Chromium is missing');
}

async function openWatched(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    // A browser notes each answer of 4xx or 5xx itself; tests of failures ask for them.
    const isAnswer = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isAnswer) errors.push(`console: ${message.text()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ''}`);
    });
  });
  if (url !== '') await page.goto(url);
  return { page, errors, close: () => context.close() };
}
