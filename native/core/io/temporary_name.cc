#include "io/temporary_name.h"

#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include "io/target.h"
#include "text.h"

namespace permafrost {
namespace {

constexpr int kMostAttempts = 16;

}  // namespace

void TemporaryName::Remove() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  Release();
}

Result<TemporaryName> TemporaryName::Beside(const std::string& target,
                                            const std::function<int(const std::string& path)>& create) {
  std::string folder = std::filesystem::path(target).parent_path().string();
  if (!folder.empty() && folder.back() != '/') folder += '/';
  for (int i = 0; i < kMostAttempts; ++i) {
    std::uint32_t random = 0;
    if (::getentropy(&random, sizeof(random)) != 0) return NotWritable(ErrnoText(errno), target);
    // Not built on the target's name, which may already be as long as a name can be.
    std::string path = folder + ".permafrost-" + Hex32(random) + ".tmp";
    const int error = create(path);
    if (error == 0) return TemporaryName(std::move(path));
    if (error != EEXIST) return NotWritable(ErrnoText(error), target);
  }
  return NotWritable("no free temporary name", target);
}

}  // namespace permafrost
