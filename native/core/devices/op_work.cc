#include "devices/op_work.h"

#include <utility>
#include <variant>

#include "devices/kernels/op_names.h"
#include "devices/kernels/table_texts.h"

namespace permafrost::devices {

namespace {

// Of a text that is compiled in, which the tests hold to be without faults.
OpNames Read(std::string_view text) {
  auto names = ReadOpNames(text);
  auto* read = std::get_if<OpNames>(&names);
  return read == nullptr ? OpNames() : std::move(*read);
}

}  // namespace

Work WorkOf(std::string_view op) {
  static const OpNames heavy = Read(kHeavyOps);
  static const OpNames free = Read(kFreeOps);
  if (heavy.contains(op)) return Work::kHeavy;
  return free.contains(op) ? Work::kFree : Work::kLight;
}

}  // namespace permafrost::devices
