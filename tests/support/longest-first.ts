import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that start servers one after the other, or the linter: half a minute to two, whatever their size. */
const LONG = /\/tests\/(campaigns\/|toolchain\/(npm-|import-rules)|db\/full-disk-start|shop\/backup\/killed-)/

/** Puts them first: one that is begun last goes on beside an idle core. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}
