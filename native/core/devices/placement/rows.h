// Rows of numbers of different lengths, back to back in one array.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace permafrost::devices {

class Rows {
 public:
  // The numbers 0, 1, … sorted into rows: number i goes to row `rows[i]`, in rising order within each.
  Rows(std::size_t row_count, std::span<const std::int32_t> rows) : begins_(row_count + 1), numbers_(rows.size()) {
    for (const std::int32_t row : rows) ++begins_[static_cast<std::size_t>(row) + 1];
    for (std::size_t row = 0; row < row_count; ++row) begins_[row + 1] += begins_[row];
    std::vector<std::size_t> next(begins_.begin(), begins_.end() - 1);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      numbers_[next[static_cast<std::size_t>(rows[i])]++] = static_cast<std::int32_t>(i);
    }
  }

  std::size_t count() const { return begins_.size() - 1; }
  std::span<const std::int32_t> operator[](std::size_t row) const {
    return std::span(numbers_).subspan(begins_[row], begins_[row + 1] - begins_[row]);
  }

 private:
  std::vector<std::size_t> begins_;
  std::vector<std::int32_t> numbers_;
};

}  // namespace permafrost::devices
