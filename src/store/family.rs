//! Which kinds of bytes are there, and how does RocksDB keep each?

use rocksdb::{BlockBasedOptions, Cache, ChecksumType, ColumnFamilyDescriptor, DBCompressionType, Options};

/// Rows are read whole and already packed; a block of this size holds one of 4 to 16 KiB, or many tiny ones.
const ROW_BLOCK_BYTES: usize = 16 * 1024;
/// Bulk files are rolled at this size, and compaction makes none larger.
pub(super) const ROW_FILE_BYTES: u64 = 256 * 1024 * 1024;
/// The newest table layout of RocksDB 11: blocks know their file and offset, so a misplaced one is found.
const TABLE_FORMAT: i32 = 7;
/// About one wrong "maybe" in a hundred.
const BLOOM_BITS_PER_KEY: f64 = 10.0;

/// Share of a memtable that its filter takes.
const MEMTABLE_BLOOM_SHARE: f64 = 0.02;

/// A kind of bytes: one column family of RocksDB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Counters and the format number. Keys beginning `store/` are the store's own.
    Meta,
    /// Matrix row segments under a [`RowKey`](super::RowKey): immutable.
    Rows,
    /// Pages of the row directory.
    Directory,
    /// Pages of the catalogue and other flat blobs.
    Records,
    /// The command log, under its sequence number.
    Log,
    /// What was answered to which request id.
    Requests,
    /// What is known of each document of the ledger, by its sender's id.
    Documents,
    /// The documents themselves, by contract and day.
    Facts,
    /// Statements of settlement, by number, and what was said of each period.
    Statements,
    /// Quotes: heads, revisions, events, and what they are found by.
    Quotes,
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Meta,
        Self::Rows,
        Self::Directory,
        Self::Records,
        Self::Log,
        Self::Requests,
        Self::Documents,
        Self::Facts,
        Self::Statements,
        Self::Quotes,
    ];

    /// The name in the data folder.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Rows => "rows",
            Self::Directory => "directory",
            Self::Records => "records",
            Self::Log => "log",
            Self::Requests => "requests",
            Self::Documents => "documents",
            Self::Facts => "facts",
            Self::Statements => "statements",
            Self::Quotes => "quotes",
        }
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    fn options(self, cache: &Cache) -> Options {
        let mut options = common_options();
        let mut table = common_table();
        table.set_block_cache(cache);
        match self {
            Self::Rows => {
                row_table(&mut table);
                // Bulk rows lie at the bottom, each key in one file only: no filter there. Small
                // publications pass through upper levels, where a filter saves their neighbours a read.
                table.set_bloom_filter(BLOOM_BITS_PER_KEY, false);
                options.set_optimize_filters_for_hits(true);
                row_levels(&mut options);
                // A read looks into the memtable first, where the row mostly is not: this spares it the search.
                options.set_memtable_whole_key_filtering(true);
                options.set_memtable_prefix_bloom_ratio(MEMTABLE_BLOOM_SHARE);
            }
            Self::Directory | Self::Records | Self::Log | Self::Facts | Self::Statements => {
                options.set_compression_type(DBCompressionType::Lz4);
                options.set_bottommost_compression_type(DBCompressionType::Zstd);
                options.set_write_buffer_size(16 * 1024 * 1024);
            }
            Self::Requests | Self::Documents | Self::Quotes => {
                // Most ids asked for are new: the filter answers without a read.
                table.set_bloom_filter(BLOOM_BITS_PER_KEY, false);
                options.set_compression_type(DBCompressionType::Lz4);
                options.set_write_buffer_size(16 * 1024 * 1024);
            }
            Self::Meta => {
                options.set_compression_type(DBCompressionType::None);
                options.set_write_buffer_size(1024 * 1024);
            }
        }
        options.set_block_based_table_factory(&table);
        options
    }

    pub(super) fn descriptors(cache: &Cache) -> Vec<ColumnFamilyDescriptor> {
        Self::ALL.into_iter().map(|family| family.descriptor(cache)).collect()
    }

    pub(super) fn descriptor(self, cache: &Cache) -> ColumnFamilyDescriptor {
        ColumnFamilyDescriptor::new(self.name(), self.options(cache))
    }
}

/// Options with which bulk row files are written: the layout of the family, without its run-time parts.
pub(super) fn bulk_row_options() -> Options {
    let mut options = common_options();
    let mut table = common_table();
    row_table(&mut table);
    row_levels(&mut options);
    options.set_block_based_table_factory(&table);
    options
}

fn common_options() -> Options {
    let mut options = Options::default();
    options.set_level_compaction_dynamic_level_bytes(true);
    // Nothing is rewritten for its age alone.
    options.set_ttl(0);
    options.set_periodic_compaction_seconds(0);
    options
}

fn common_table() -> BlockBasedOptions {
    let mut table = BlockBasedOptions::default();
    table.set_checksum_type(ChecksumType::XXH3);
    table.set_format_version(TABLE_FORMAT);
    // Index and filter blocks stay with the open file, outside the cache. An index takes 0.2 % of the rows
    // (a billion cells in 3 GB: about 6 MB), and a read then asks the cache once instead of twice.
    table.set_cache_index_and_filter_blocks(false);
    table
}

fn row_table(table: &mut BlockBasedOptions) {
    table.set_block_size(ROW_BLOCK_BYTES);
}

fn row_levels(options: &mut Options) {
    options.set_compression_type(DBCompressionType::None);
    options.set_bottommost_compression_type(DBCompressionType::None);
    options.set_write_buffer_size(32 * 1024 * 1024);
    options.set_target_file_size_base(ROW_FILE_BYTES);
    options.set_max_bytes_for_level_base(4 * ROW_FILE_BYTES);
}
