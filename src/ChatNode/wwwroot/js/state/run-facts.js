/** How answers came about. Each is read once, one after the other, when it is first shown. */
export class RunFacts {
  #api;
  #changed;
  #known = new Map();
  #reading = Promise.resolve();

  constructor(api, changed) {
    this.#api = api;
    this.#changed = changed;
  }

  /** The run's provenance; undefined until it is here, null where it is not to be had. */
  of(run) {
    if (!this.#known.has(run)) {
      this.#known.set(run, undefined);
      this.#reading = this.#reading.then(() => this.#read(run));
    }
    return this.#known.get(run);
  }

  async #read(run) {
    const facts = await this.#api.get(`/v1/ai/runs/${run}`).catch(() => null);
    this.#known.set(run, facts?.provider ? facts : null);
    this.#changed();
  }
}

/** Who wrote it, in a few words: a model's name, or that it was put together from quotes. */
export function authorOf({ provider, model }) {
  if (!provider.startsWith('extractive')) return model ? model.replace(/\.gguf$/i, '') : provider;
  return provider.includes('fallback') ? 'quotes, as the model failed' : 'quotes';
}
