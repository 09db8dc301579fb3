#include "io/put_in_place.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>

#include "io/posix.h"
#include "io/target.h"
#include "io/unique_fd.h"
#include "text.h"

namespace permafrost {

Status PutInPlace(TemporaryName& temporary, const std::string& target, bool durable) {
  // All that can fail comes before the rename, and so leaves the target alone.
  UniqueFd folder;
  if (durable) {
    folder = UniqueFd(Retried([&] { return ::open(FolderOf(target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    if (!folder.valid()) return Failed("folder not readable, which fsync needs", errno, target);
  }
  if (::rename(temporary.path().c_str(), target.c_str()) != 0) {
    const int error = errno;
    const bool is_taken = error == ENOTEMPTY || error == EEXIST || error == EISDIR || error == ENOTDIR;
    if (!is_taken) return Failed("rename failed", error, target);
    return NotWritable(ErrnoText(error) + ": somebody else wrote there meanwhile", target);
  }
  temporary.Release();
  if (!durable) return {};
  const int error = SyncFolder(folder.get());
  if (error == 0) return {};
  return {StatusCode::kWriteFailed, "output in place, but it may not survive a power cut (fsync of its folder: " +
                                        ErrnoText(error) + "): " + target};
}

}  // namespace permafrost
