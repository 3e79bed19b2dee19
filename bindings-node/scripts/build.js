// Builds the native module for this platform, and puts beside it what the package ships from elsewhere in
// the repository.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

const here = fileURLToPath(new URL('..', import.meta.url))
const root = join(here, '..')

const napi = join(here, 'node_modules', '@napi-rs', 'cli', 'dist', 'cli.js')
const how = ['--platform', '--esm', '--js', 'index.js', '--dts', 'index.d.ts', '--output-dir', 'native']
const built = spawnSync(process.execPath, [napi, 'build', '--release', ...how, ...process.argv.slice(2)], { cwd: here, stdio: 'inherit' })
if (built.status !== 0) process.exit(built.status ?? 1)

const schemas = join(root, 'core', 'src', 'methodology', 'catalogue', 'schemas')
mkdirSync(join(here, 'schemas'), { recursive: true })
for (const name of readdirSync(schemas)) copyFileSync(join(schemas, name), join(here, 'schemas', name))
for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(join(root, name), join(here, name))
