// How much memory is asked for at once. AddressSanitizer tells; without it there is nothing to learn.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

#if defined(__SANITIZE_ADDRESS__)
#define PERMAFROST_TELLS_ALLOCATIONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PERMAFROST_TELLS_ALLOCATIONS 1
#endif
#endif

#ifdef PERMAFROST_TELLS_ALLOCATIONS
// Of the sanitizer; GCC 12 does not bring its header along.
extern "C" int __sanitizer_install_malloc_and_free_hooks(  // NOLINT(bugprone-reserved-identifier)
    void (*allocated)(const volatile void*, std::size_t), void (*freed)(const volatile void*));
#endif

namespace permafrost::test {

inline std::size_t largest_allocation = 0;

// The size of the largest block that `work` allocates; nothing where nobody tells.
template <typename Work>
std::optional<std::size_t> LargestAllocationIn(Work work) {
#ifdef PERMAFROST_TELLS_ALLOCATIONS
  static const bool is_told =
      __sanitizer_install_malloc_and_free_hooks(
          [](const volatile void*, std::size_t size) { largest_allocation = std::max(largest_allocation, size); },
          [](const volatile void*) {}) != 0;
  largest_allocation = 0;
  work();
  if (is_told) return largest_allocation;
#else
  work();
#endif
  return std::nullopt;
}

}  // namespace permafrost::test
