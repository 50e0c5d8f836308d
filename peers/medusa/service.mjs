// How fast does Medusa's pricing module answer? It runs in this process, as in Medusa's own, with nothing before it.
//
//   node service.mjs migrate            makes its tables, by the module's own migrations
//   node service.mjs serve CARTS.json   checks every line of every cart, then loads itself as lines on stdin say
//
// The database is that of DATABASE_URL. A line on stdin is {"warm_up_ms", "run_ms", "in_flight"}; each is answered by a
// line on stdout, {"nanos": [of each call], "elapsed_ns"}.

import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { MedusaApp } from "@medusajs/framework/modules-sdk"

const CONNECTIONS = 16

const app = await MedusaApp({
  modulesConfig: {
    pricing: {
      resolve: "@medusajs/pricing",
      options: {
        database: {
          clientUrl: process.env.DATABASE_URL,
          driverOptions: { connection: { ssl: false }, pool: { min: CONNECTIONS, max: CONNECTIONS } },
        },
      },
    },
  },
  sharedResourcesConfig: {
    database: {
      clientUrl: process.env.DATABASE_URL,
      driverOptions: { connection: { ssl: false }, pool: { min: CONNECTIONS, max: CONNECTIONS } },
    },
  },
})

if (process.argv[2] === "migrate") {
  await app.runMigrations()
  process.exit(0)
}

const pricing = app.modules.pricing
const carts = JSON.parse(readFileSync(process.argv[3], "utf8"))
const say = (found) => process.stdout.write(JSON.stringify(found) + "\n")

function price(cart) {
  const customer = { groups: [{ id: cart.group }] }
  return pricing.calculatePrices({ id: cart.sets }, { context: { currency_code: "eur", customer } })
}

// Every line, as decimal text: what the module says exactly is its raw amount.
for (const cart of carts) {
  const found = new Map((await price(cart)).map((line) => [line.id, line.raw_calculated_amount.value]))
  cart.sets.forEach((set, line) => {
    if (found.get(set) !== cart.prices[line]) {
      throw new Error(`${cart.group}, ${set}: ${found.get(set)} instead of ${cart.prices[line]}`)
    }
  })
}
say({ checked: carts.length })

let next = 0
async function load({ warm_up_ms, run_ms, in_flight }) {
  const nanos = []
  let counting = false
  let over = false
  async function caller() {
    while (!over) {
      const cart = carts[next++ % carts.length]
      const begun = process.hrtime.bigint()
      const lines = await price(cart)
      const taken = process.hrtime.bigint() - begun
      if (lines.length !== cart.sets.length) throw new Error(`${cart.group}: ${lines.length} lines`)
      if (counting) nanos.push(Number(taken))
    }
  }
  const callers = Array.from({ length: in_flight }, caller)
  await new Promise((done) => setTimeout(done, warm_up_ms))
  counting = true
  const begun = process.hrtime.bigint()
  await new Promise((done) => setTimeout(done, run_ms))
  counting = false
  const elapsed = process.hrtime.bigint() - begun
  over = true
  await Promise.all(callers)
  say({ nanos, elapsed_ns: Number(elapsed) })
}

for await (const line of createInterface({ input: process.stdin })) {
  await load(JSON.parse(line))
}
process.exit(0)
