//! Is each error the status that docs promise?

use quoin::api::status::{DOMAIN, of_import, of_price, price_status};
use quoin::domain::time::CivilSecond;
use quoin::engine::error::{ImportError, PriceError, StoreError};
use tonic::Code;
use tonic_types::StatusExt;

#[test]
fn every_price_error_has_its_code_and_reason() {
    let contract = || "C-1".to_owned();
    let day = CivilSecond(86_400);
    let cases = [
        (PriceError::UnknownContract { contract: contract() }, Code::NotFound, "UNKNOWN_CONTRACT"),
        (
            PriceError::ContractNotBegun { contract: contract(), from: day },
            Code::FailedPrecondition,
            "CONTRACT_NOT_BEGUN",
        ),
        (
            PriceError::ContractEnded { contract: contract(), to: day },
            Code::FailedPrecondition,
            "CONTRACT_ENDED",
        ),
        (PriceError::EmptyCart, Code::InvalidArgument, "EMPTY_CART"),
        (PriceError::CartTooLarge { lines: 3, limit: 2 }, Code::InvalidArgument, "CART_TOO_LARGE"),
        (
            PriceError::UnknownPublication { number: 9, oldest: 1, newest: 2 },
            Code::OutOfRange,
            "UNKNOWN_PUBLICATION",
        ),
        (PriceError::InstantOutOfRange, Code::InvalidArgument, "INSTANT_OUT_OF_RANGE"),
        (PriceError::UnknownZone { zone: "Mars/Port".to_owned() }, Code::FailedPrecondition, "UNKNOWN_ZONE"),
        (
            PriceError::UnknownMetric { what: "measure", id: "turnoverr".to_owned() },
            Code::InvalidArgument,
            "UNKNOWN_METRIC",
        ),
        (PriceError::CartOverflow, Code::InvalidArgument, "CART_OVERFLOW"),
        (PriceError::NotAllowed { what: "x".to_owned() }, Code::PermissionDenied, "NOT_ALLOWED"),
        (
            PriceError::Storage(StoreError::Corrupt { file: None, what: "x".to_owned() }),
            Code::DataLoss,
            "CORRUPT",
        ),
        (
            PriceError::Storage(StoreError::Poisoned { first: "x".to_owned() }),
            Code::Unavailable,
            "WRITES_REFUSED",
        ),
    ];
    for (error, code, reason) in cases {
        let entry = of_price(&error);
        assert_eq!((entry.code, entry.reason), (code, reason), "{error}");
        let status = price_status(&error);
        assert_eq!((status.code(), status.message()), (code, error.to_string().as_str()));
        let info = status.get_details_error_info().unwrap();
        assert_eq!((info.reason.as_str(), info.domain.as_str()), (reason, DOMAIN));
    }
}

#[test]
fn every_import_error_has_its_code_and_reason() {
    let cases = [
        (ImportError::RequestReused { request_id: "r".to_owned() }, Code::AlreadyExists, "REQUEST_ID_REUSED"),
        (ImportError::NothingToImport, Code::InvalidArgument, "NOTHING_TO_IMPORT"),
        (ImportError::NotAllowed { what: "x".to_owned() }, Code::PermissionDenied, "NOT_ALLOWED"),
        (ImportError::Staging(std::io::Error::other("full")), Code::Unavailable, "STAGING"),
        (ImportError::Moved { base: 1, now: 2 }, Code::Aborted, "MOVED"),
        (ImportError::WriterGone, Code::Unavailable, "WRITER_GONE"),
        (ImportError::Cancelled, Code::Cancelled, "CANCELLED"),
    ];
    for (error, code, reason) in cases {
        let entry = of_import(&error);
        assert_eq!((entry.code, entry.reason), (code, reason), "{error}");
    }
}
