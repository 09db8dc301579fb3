// What the bytes of a piece sum up to while they pass by, against what was stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "crc32c/crc32c.h"
#include "status.h"
#include "text.h"

namespace permafrost {

// `stored` is masked; `about` ends the message.
inline Status CompareChecksums(std::uint32_t stored, std::uint32_t computed, const std::string& about) {
  stored = crc32c::Unmask(stored);
  if (stored == computed) return {};
  return {StatusCode::kChecksumMismatch,
          "checksum mismatch (stored " + Hex32(stored) + ", computed " + Hex32(computed) + "): " + about};
}

class RunningChecksum {
 public:
  // `stored` is masked. `about` ends the message; `crc` is that of what was passed before.
  RunningChecksum(std::uint32_t stored, std::string about, std::uint32_t crc = 0)
      : verify_(true), stored_(stored), about_(std::move(about)), crc_(crc) {}

  // Of pieces that have no checksum, or whose is not wanted.
  RunningChecksum() = default;

  bool is_wanted() const { return verify_; }

  void Pass(std::span<const std::byte> bytes) {
    if (verify_) crc_ = crc32c::Extend(crc_, bytes);
  }

  Status Verdict() const { return verify_ ? CompareChecksums(stored_, crc_, about_) : Status(); }

 private:
  bool verify_ = false;
  std::uint32_t stored_ = 0;
  std::string about_;
  std::uint32_t crc_ = 0;
};

}  // namespace permafrost
