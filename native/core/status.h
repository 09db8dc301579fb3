// How the core reports failure: a value, never an exception.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace permafrost {

// Each code is one `PermafrostErrorCode` of the TypeScript API; `CodeName` gives its spelling there.
enum class StatusCode {
  kOk,
  kCheckpointNotFound,
  kCheckpointMalformed,
  kCheckpointUnsupported,
  kShardMissing,
  kChecksumMismatch,
  kReadFailed,
  kWriteFailed,
  kAborted,
  kOutOfMemory,
  kDeviceUnknown,
  kDevicePluginUnusable,
};

std::string_view CodeName(StatusCode code);

// A code and a message: a lower-case noun phrase, its cause in brackets, then the file or tensor that it is about.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(StatusCode code, std::string message) : code_(code), message_(std::move(message)) {}

  bool ok() const { return code_ == StatusCode::kOk; }
  StatusCode code() const { return code_; }
  const std::string& message() const { return message_; }

 private:
  StatusCode code_ = StatusCode::kOk;
  std::string message_;
};

// Either a `T` or the Status that says why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor): `return value;` is the point
  Result(Status status) : status_(std::move(status)) { assert(!status_.ok()); }  // NOLINT(google-explicit-constructor)

  bool ok() const { return value_.has_value(); }
  const Status& status() const { return status_; }
  T& value() & {
    assert(ok());
    return *value_;
  }
  const T& value() const& {
    assert(ok());
    return *value_;
  }
  T&& value() && {
    assert(ok());
    return *std::move(value_);
  }

 private:
  std::optional<T> value_;
  Status status_;
};

}  // namespace permafrost
