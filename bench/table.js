/** All rows as text: one line for each side, and whether the budget is kept. */
export function renderTable(rows) {
  return rows
    .flatMap(row => [`\n${row.what}`, ...row.sides.map(side => sideLine(side, row.unit)), ...budgetLine(row)])
    .join('\n')
}

function sideLine({ name, median, min, max, ratio }, unit) {
  const numbers = `${rounded(median)} ${unit}`.padStart(14)
  const range = `(${rounded(min)} to ${rounded(max)})`.padEnd(22)
  return `  ${name.padEnd(18)}${numbers} ${range}${ratio ? `sqlbraid is ${factor(ratio)} of it` : ''}`.trimEnd()
}

function budgetLine({ budget, unit }) {
  if (!budget) return []
  if (!budget.isMeasured) return [`  budget: at most ${budget.most} × ${budget.against}, which is not here`]
  const verdict = budget.isKept ? 'kept' : 'MISSED'
  if (!budget.ratio) return [`  budget: at most ${budget.most} ${unit}: ${verdict}`]
  const less = budget.less ? `, ${budget.less} taken off` : ''
  return [`  budget: at most ${budget.most} × ${budget.against}${less}: ${factor(budget.ratio)}, ${verdict}`]
}

function factor({ median, min, max }) {
  return `${median.toFixed(2)} × (${min.toFixed(2)} to ${max.toFixed(2)})`
}

function rounded(value) {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)
}
