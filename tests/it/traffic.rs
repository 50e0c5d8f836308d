//! How much may be asked? Bad clients beside a good one that goes on being served; callers that ask too much; deadlines.

mod bad_clients;
mod bare;
mod callers;
mod deadlines;
mod good;
mod overload;
mod raw;
