import { basename, join } from 'node:path'
import { type Config, StartRefused, UsageError } from '../config.ts'
import { HttpError } from '../http/errors.ts'
import { addStarterModels } from '../shop/devices/starter-catalogue.ts'
import { by, type Command, configOf, type Terminal, withDatabase } from './command.ts'
import { models } from './import/models-rows.ts'
import { modelsWriter } from './import/models-write.ts'
import { ords } from './import/ords-rows.ts'
import { ordsWriter } from './import/ords-write.ts'
import { products } from './import/products-rows.ts'
import { productsWriter } from './import/products-write.ts'
import { openRejects } from './import/rejects.ts'
import { importFile, type Outcome } from './import/run.ts'
import type { Source, Write } from './import/source.ts'
import { paceFor } from './pace.ts'
import { grouped, progressOf } from './progress.ts'

export const importOrds: Command = {
  name: 'import ords',
  summary: 'Bring in repairs in the Open Repair Data Standard. What is in already stays as it is.',
  usage: `FILE.csv…

  The first line names at least these columns, in any order:
  id                     what the repair is recognised by when it is imported again
  product_category       becomes the device type
  brand                  may be empty
  repair_status          Fixed, Repairable, End of life or Unknown
  event_date             2024-05-31
  problem                may be empty

  For instance:
    id,product_category,brand,repair_status,event_date,problem
    cafe_1,Laptop,Lenovo,Fixed,2024-05-31,"The fan is loud, and it gets hot"`,
  words: { min: 1, max: Infinity, called: 'a CSV file' },
  run: ({ options, words, terminal }) => importAll(words, configOf({ options, terminal }), terminal, ords, ordsWriter),
}

export const importModels: Command = {
  name: 'import models',
  summary: 'Bring in a catalogue: a CSV file with the columns type, brand and model.',
  usage: `FILE.csv… | --starter

  --starter              the common models that a new shop begins with, where they are missing

  The first line of a file names these columns, in any order:
  type                   of the device
  brand
  model

  For instance:
    type,brand,model
    Phone,Apple,iPhone 13`,
  options: { starter: { type: 'boolean' } },
  words: { min: 0, max: Infinity, called: 'a CSV file' },
  run: async ({ options, words, terminal }) => {
    const starter = options['starter'] === true
    if (words.length === 0 && !starter) throw new UsageError("'import models' needs a CSV file, or --starter")
    const config = configOf({ options, terminal })
    if (starter) await importStarters(config, terminal)
    if (words.length > 0) await importAll(words, config, terminal, models, modelsWriter)
  },
}

export const importProducts: Command = {
  name: 'import products',
  summary: 'Bring in what the store sells, or its new prices: see docs/import-products.md.',
  usage: `FILE.csv… [--set-stock]

  --set-stock            count what is there already too

  The first line names all of these columns, in any order; those from original_price on may be empty:
  category               Phone, Laptop, Tablet, Accessory or one of your own
  brand, model, name
  condition              A to E, or Excellent, Great, Like-new, Good, Fair
  price                  899.99
  original_price         899.99
  stock                  pieces
  location               where it is: name, hub, code or id
  city_availability      cities, with ; between them
  image                  the address of a picture
  highlights             sentences, with ; between them

  For instance:
    category,brand,model,name,condition,price,original_price,stock,location,city_availability,image,highlights
    Phone,Apple,iPhone 13,"iPhone 13, 128 GB",A,499.99,599.99,3,,Ottawa;Toronto,,New battery;Unlocked`,
  options: { 'set-stock': { type: 'boolean' } },
  words: { min: 1, max: Infinity, called: 'a CSV file' },
  run: ({ options, words, terminal }) =>
    importAll(words, configOf({ options, terminal }), terminal, products, () =>
      productsWriter({ setStock: options['set-stock'] === true }),
    ),
}

async function importStarters(config: Config, terminal: Terminal) {
  await withDatabase(config, { terminal, inThread: true }, async (database) => {
    const added = await database.write(by('import models'), addStarterModels)
    terminal.out(`Starter catalogue: ${grouped(added)} models added`)
  })
}

async function importAll<Row>(
  files: string[],
  config: Config,
  terminal: Terminal,
  source: Source<Row>,
  writer: () => Write<Row>,
) {
  await withDatabase(config, { terminal, inThread: true }, async (database) => {
    const pace = paceFor(config)
    const write = writer()
    const refused: string[] = []
    for (const file of files) {
      const name = basename(file)
      const progress = progressOf(terminal, name, () => performance.now())
      const rejects = openRejects(join(config.data, `rejects-${name.replace(/\.csv$/i, '')}-${stamp()}.csv`))
      try {
        const outcome = await importFile(database, {
          file,
          source,
          write,
          pace,
          reject: rejects.add,
          progress: progress.show,
        })
        progress.end()
        terminal.out(sentence(name, outcome))
        if (isAllWrong(outcome))
          refused.push(`Nothing of ${name} was brought in: each of its ${grouped(outcome.rows)} rows is wrong.`)
      } catch (error) {
        throw isOfHeadOffice(error) ? new StartRefused(`${name}: ${error.message}. Bring it in there.`) : error
      } finally {
        progress.end()
        rejects.close()
        for (const line of rejects.summary()) terminal.err(line)
      }
    }
    if (refused.length > 0) throw new StartRefused(refused.join('\n'))
  })
}

/** A category, or a product of another machine: the batch that has it stays outside as a whole. */
const isOfHeadOffice = (error: unknown): error is HttpError =>
  error instanceof HttpError && error.code === 'changed-at-head-office'

/** What an earlier run brought in counts too. */
const isAllWrong = ({ rows, rejected, resumedAfter }: Outcome) => rows > 0 && rejected === rows && resumedAfter === 0

const stamp = () => new Date().toISOString().replaceAll(/[-:.]/g, '')

function sentence(name: string, { rows, added, changed, rejected, resumedAfter, ms }: Outcome): string {
  const resumed = resumedAfter > 0 ? ` (went on after line ${grouped(resumedAfter)})` : ''
  const rate = grouped(Math.round((rows / ms) * 1000))
  const known = rows - added - changed - rejected
  const others = changed > 0 ? `${grouped(changed)} changed, ` : ''
  return `${name}: ${grouped(rows)} rows in ${(ms / 1000).toFixed(1)} s, ${rate} rows/s${resumed}: ${grouped(added)} added, ${others}${grouped(known)} there already, ${grouped(rejected)} wrong`
}
