//! How much of anything is accepted? One table.

/// Lines of one cart, unless configured otherwise.
pub const CART_LINES: usize = 20_000;
/// Carts of one `PriceCarts` call.
pub const CARTS_PER_CALL: usize = 1_000;
/// Bytes of one line of a CSV file.
pub const CSV_LINE_BYTES: usize = 1 << 20;
/// Errors that an import reports row by row; the rest are counted.
pub const REPORTED_ROW_ERRORS: usize = 1_000;
/// Entries of one contract's access sequence.
pub const ACCESS_ENTRIES: usize = 256;
/// Levels of a category path.
pub const CATEGORY_LEVELS: usize = 12;
/// Attributes of one record.
pub const ATTRIBUTES: usize = 64;
/// Coupons of one cart.
pub const COUPONS: usize = 100;
/// Programmes of points of which one cart takes some.
pub const TAKE_POINTS: usize = 100;
/// Services of one line of a cart.
pub const LINE_SERVICES: usize = 64;
/// Positions of measures, and uses of limited benefits, that come with one cart.
pub const METRICS: usize = 1_000;
/// Bytes of a name or other free text.
pub const TEXT_BYTES: usize = 1_024;
/// Bytes of one gRPC message that comes in, unless configured otherwise.
pub const GRPC_MESSAGE_BYTES: usize = 8 << 20;
/// Bytes of one gRPC message that goes out, unless configured otherwise.
pub const GRPC_ANSWER_BYTES: usize = 64 << 20;
/// Bytes of one upload into a running server.
pub const UPLOAD_BYTES: u64 = 64 << 30;
/// Bytes of one file of a policy.
pub const POLICY_FILE_BYTES: usize = 16 << 20;
/// Files of one policy.
pub const POLICY_FILES: usize = 64;
/// Levels of a policy file, and of groups that name groups.
pub const POLICY_LEVELS: usize = 32;
/// Values in one file of a policy, those behind aliases counted wherever they are named.
pub const POLICY_VALUES: usize = 1_000_000;
/// Rules of one policy.
pub const POLICY_RULES: usize = 200_000;
/// Errors of a policy that are told; further ones are not.
pub const POLICY_FINDINGS: usize = 1_000;
/// Bytes of all files of a policy.
pub const POLICY_BYTES: usize = 64 << 20;
/// Lines of one document of the ledger.
pub const DOCUMENT_LINES: usize = 100_000;
/// Rules of which one document, or one hold, uses limits.
pub const DOCUMENT_USES: usize = 1_000;
/// Documents that are posted together.
pub const BATCH_DOCUMENTS: usize = 1_000_000;
/// Lines of documents that are posted together.
pub const BATCH_LINES: usize = 2_000_000;
/// Bytes of a quote's text, and of its terms.
pub const QUOTE_TEXT_BYTES: usize = 16 << 10;
/// Days for which a quote may be valid.
pub const QUOTE_DAYS: i32 = 1_096;
/// Quotes that are made, or accepted, in one call.
pub const QUOTES_PER_CALL: usize = 1_000;
/// Wrong fields of a quote that are told; further ones are not.
pub const QUOTE_FAULTS: usize = 1_000;
/// Quotes of which something is to be shipped that a contract's progress tells; further ones are counted.
pub const ACCEPTED_QUOTES: usize = 100;
/// Faults of documents posted together that are told; further ones are counted.
pub const DOCUMENT_FAULTS: usize = 1_000;
