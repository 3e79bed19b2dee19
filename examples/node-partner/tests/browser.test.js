// The card in a real browser, if there is one. `BAREME_SCREENSHOT=path` keeps what it looks like.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { chromium } from 'playwright-core'
import { example } from '../example.js'
import { site } from '../site.js'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))

test('the card in a browser', { skip: executablePath === undefined && 'no Chromium here' }, async () => {
  const app = site(example())
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  try {
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    const page = await browser.newPage({ viewport: { width: 900, height: 1000 }, colorScheme: 'light', locale: 'fr-FR' })
    const complaints = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`${address}/`)
    await page.getByRole('link', { name: 'Menton', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Menton' }).waitFor()
    assert.ok((await page.getByRole('row').count()) >= 6)
    for (const name of ['Critère', 'Valeur', 'Note sur 100', 'Poids']) assert.equal(await page.getByRole('columnheader', { name }).count(), 1, name)
    assert.equal(await page.getByRole('table', { name: 'Ce qui fait ce score' }).count(), 1)
    // The style was let in by the content security policy.
    assert.equal(await page.locator('.result').evaluate((element) => getComputedStyle(element).display), 'flex')
    if (process.env.BAREME_SCREENSHOT) await page.screenshot({ path: process.env.BAREME_SCREENSHOT, fullPage: true })
    await page.setViewportSize({ width: 340, height: 700 })
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), 'nothing sticks out on a telephone')
    if (process.env.BAREME_SCREENSHOT_NARROW) await page.screenshot({ path: process.env.BAREME_SCREENSHOT_NARROW })
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Tous les territoires')
    assert.deepEqual(complaints, [])
  } finally {
    await browser.close()
    await app.close()
  }
})
