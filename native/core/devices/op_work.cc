#include "devices/op_work.h"

#include <variant>

#include "devices/kernels/op_names.h"
#include "devices/kernels/table_texts.h"

namespace permafrost::devices {

// Of texts that are compiled in. The tests of the texts hold that none has a fault.
Work WorkOf(std::string_view op) {
  static const auto heavy = std::get<OpNames>(ReadOpNames(kHeavyOps));
  static const auto free = std::get<OpNames>(ReadOpNames(kFreeOps));
  if (heavy.contains(op)) return Work::kHeavy;
  return free.contains(op) ? Work::kFree : Work::kLight;
}

}  // namespace permafrost::devices
