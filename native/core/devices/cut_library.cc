#include "devices/cut_library.h"

#ifdef __linux__

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <fstream>

namespace permafrost::devices {

bool IsCutLibrary(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::uint64_t>(file.tellg());
  Elf64_Ehdr header;
  if (!file.seekg(0) || !file.read(reinterpret_cast<char*>(&header), sizeof header)) return false;
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64) return false;
  if (header.e_phentsize != sizeof(Elf64_Phdr)) return false;
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    if (header.e_phoff > size || !file.seekg(static_cast<std::streamoff>(header.e_phoff + i * sizeof segment)) ||
        !file.read(reinterpret_cast<char*>(&segment), sizeof segment)) {
      return true;
    }
    if (segment.p_type != PT_LOAD) continue;
    if (segment.p_offset > size || segment.p_filesz > size - segment.p_offset) return true;
  }
  return false;
}

}  // namespace permafrost::devices

#else

namespace permafrost::devices {

bool IsCutLibrary(const std::string&) { return false; }

}  // namespace permafrost::devices

#endif
