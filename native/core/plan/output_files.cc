#include "plan/output_files.h"

#include <algorithm>

namespace permafrost {
namespace {

bool IsOneFile(std::span<const FolderFile> files) { return files.size() == 1 && files.front().path.empty(); }

}  // namespace

Status OutputFiles::Check(const std::string& target, std::span<const FolderFile> files) {
  return IsOneFile(files) ? NewFile::Check(target, files.front().size) : NewFolder::Check(target, files);
}

Result<OutputFiles> OutputFiles::Create(const std::string& target, std::span<const FolderFile> files) {
  std::vector<std::uint64_t> ends;
  ends.reserve(files.size());
  std::uint64_t end = 0;
  for (const FolderFile& file : files) ends.push_back(end += file.size);
  if (IsOneFile(files)) {
    auto file = NewFile::Create(target, end);
    if (!file.ok()) return file.status();
    return OutputFiles(std::move(file).value(), std::move(ends));
  }
  auto folder = NewFolder::Create(target, files);
  if (!folder.ok()) return folder.status();
  return OutputFiles(std::move(folder).value(), std::move(ends));
}

Status OutputFiles::WriteAt(std::uint64_t offset, std::span<const std::byte> bytes) {
  for (std::size_t file = FileAt(offset); !bytes.empty(); ++file) {
    const std::uint64_t start = StartOf(file);
    const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), ends_[file] - offset));
    if (Status status = WriteTo(file, offset - start, bytes.first(here)); !status.ok()) return status;
    bytes = bytes.subspan(here);
    offset += here;
  }
  return {};
}

std::size_t OutputFiles::FileAt(std::uint64_t offset) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(ends_, offset) - ends_.begin());
}

std::uint64_t OutputFiles::BlockEnd(std::uint64_t offset, std::uint64_t size) const {
  const std::size_t file = FileAt(offset);
  const std::uint64_t start = StartOf(file);
  const std::uint64_t end = start + ((offset - start) / size + 1) * size;
  return file < ends_.size() ? std::min(end, ends_[file]) : end;
}

Status OutputFiles::Commit(bool durable) {
  return std::visit([&](auto& output) { return output.Commit(durable); }, output_);
}

void OutputFiles::Discard(Discarded& discarded) {
  std::visit([&](auto& output) { output.Discard(discarded); }, output_);
}

Status OutputFiles::WriteTo(std::size_t file, std::uint64_t offset, std::span<const std::byte> bytes) {
  if (bytes.empty()) return {};  // a file that has no bytes, passed by
  if (auto* folder = std::get_if<NewFolder>(&output_)) return folder->WriteAt(file, offset, bytes);
  return std::get<NewFile>(output_).WriteAt(offset, bytes);
}

}  // namespace permafrost
