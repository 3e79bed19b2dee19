//! `bareme receipt`: one territory's row, with what proves that it belongs to a publication.

use bareme::publication::Publication;

use crate::arguments::publication::Receipt;
use crate::failure::Failure;
use crate::input::Input;
use crate::output::Destination;

/// Writes the receipt.
pub(crate) fn run(arguments: &Receipt) -> Result<(), Failure> {
    let input = Input::read(&arguments.publication)?;
    let receipt = Publication::from_json(input.bytes())
        .and_then(|publication| publication.receipt(&arguments.territory, !arguments.without_reference))
        .map_err(|faults| Failure::of(&input.name, faults))?;
    Destination::open(arguments.output.as_deref())?.text(|out| receipt.write(out))
}
