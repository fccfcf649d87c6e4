// Give a recalculation another document.
// name: rewrite-recalculation
// parameters: id, text
// columns: -
// WRITE
MATCH (recalculation:Recalculation {id: $id})
SET recalculation.document = $text
