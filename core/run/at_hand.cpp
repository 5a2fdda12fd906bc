#include "core/run/at_hand.h"

#include <utility>

namespace heed {
namespace {

thread_local bool is_at_hand_demanded = false;

}  // namespace

AtHand::AtHand() : before_(std::exchange(is_at_hand_demanded, true)) {}

AtHand::~AtHand() {
    is_at_hand_demanded = before_;
}

bool AtHand::is_demanded() {
    return is_at_hand_demanded;
}

}  // namespace heed
