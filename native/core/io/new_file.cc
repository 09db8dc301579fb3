#include "io/new_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "io/posix.h"
#include "io/put_in_place.h"
#include "io/target.h"
#include "text.h"

namespace permafrost {

namespace {

Result<OutputPlace> FindFilePlace(const std::string& target) {
  auto resolved = ResolveTarget(target);
  if (!resolved.ok()) return resolved.status();
  std::string path = std::move(resolved).value();
  if (!std::filesystem::path(path).has_filename()) return NotWritable("not the name of a file", target);

  struct stat info{};
  const bool exists = ::stat(path.c_str(), &info) == 0;
  // Such as a name that is too long: without this only the rename would find out.
  if (!exists && errno != ENOENT) return NotWritable(ErrnoText(errno), target);
  if (exists && S_ISDIR(info.st_mode)) return NotWritable("a directory", target);
  if (exists && !S_ISREG(info.st_mode)) return NotWritable("not a regular file", target);
  return OutputPlace{std::move(path), exists ? std::optional<mode_t>(info.st_mode & 0777) : std::nullopt};
}

}  // namespace

Status NewFile::Check(const std::string& target, std::uint64_t size) {
  const auto place = FindFilePlace(target);
  if (!place.ok()) return place.status();
  if (Status status = CheckFolderOf(place.value().path, target); !status.ok()) return status;
  return CheckRoomBeside(place.value().path, size, target);
}

Result<NewFile> NewFile::Create(const std::string& target, std::uint64_t size) {
  const auto place = FindFilePlace(target);
  if (!place.ok()) return place.status();
  const auto& [path, kept_mode] = place.value();

  // A private file is private from its first moment; otherwise the system applies the umask.
  const mode_t mode = kept_mode ? 0600 : 0666;
  UniqueFd fd;
  auto temporary = TemporaryName::Beside(path, [&](const std::string& name) {
    fd = UniqueFd(Retried([&] { return ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode); }));
    return fd.valid() ? 0 : errno;
  });
  if (!temporary.ok()) return temporary.status();
  NewFile file(std::move(fd), path, std::move(temporary).value());
  if (kept_mode && ::fchmod(file.fd_.get(), *kept_mode) != 0) return NotWritable(ErrnoText(errno), target);
  if (const int error = Reserve(file.fd_.get(), size); error != 0) return NoRoom(error, size, target);
  return file;
}

Status NewFile::WriteAt(std::uint64_t offset, std::span<const std::byte> bytes) {
  const int error = permafrost::WriteAt(fd_.get(), offset, bytes);
  return error == 0 ? Status() : Failed("write failed", error, target_);
}

Status NewFile::Commit(bool durable) {
  if (durable) {
    if (const int error = Sync(fd_.get()); error != 0) return Failed("fsync failed", error, target_);
  }
  // After an interruption the descriptor is closed all the same, and what it had to say is lost, unless fsync has
  // asked.
  const int error = Close(std::move(fd_));
  if (error != 0 && !(durable && error == EINTR)) return Failed("close failed", error, target_);
  return PutInPlace(temporary_, target_, durable);
}

void NewFile::Discard(Discarded& discarded) {
  temporary_.Remove();
  discarded.push_back(std::move(fd_));
}

}  // namespace permafrost
