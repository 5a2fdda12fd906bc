// What a person has chosen: kept as one value, brought back, undone and done again.
#include <algorithm>
#include <functional>

#include "app/window/program.h"
#include "core/base/error.h"

namespace heed::app {

namespace {

void add_to_hash(std::uint64_t& hash, std::uint64_t value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL + (hash >> 29);
}

void add_to_hash(std::uint64_t& hash, std::string_view text) {
    add_to_hash(hash, std::hash<std::string_view>()(text));
}

void add_to_hash(std::uint64_t& hash, const std::optional<std::string>& text) {
    add_to_hash(hash, text ? 1U : 0U);
    if (text) add_to_hash(hash, std::string_view(*text));
}

void add_to_hash(std::uint64_t& hash, const Selection& selection) {
    for (const int number : {selection.layer, selection.head, selection.query, selection.key}) {
        add_to_hash(hash, static_cast<std::uint64_t>(number));
    }
    add_to_hash(hash, std::string_view(selection.site));
    add_to_hash(hash, std::string_view(selection.node));
    for (const int index : selection.cell) add_to_hash(hash, static_cast<std::uint64_t>(index));
}

std::uint64_t hash_inputs(const DocumentInputs& inputs) {
    std::uint64_t hash = 0;
    add_to_hash(hash, std::string_view(inputs.model));
    add_to_hash(hash, std::string_view(inputs.text));
    add_to_hash(hash, inputs.pair);
    add_to_hash(hash, inputs.other);
    add_to_hash(hash, inputs.image);
    add_to_hash(hash, inputs.sketch);
    add_to_hash(hash, inputs.target);
    add_to_hash(hash, inputs.memory);
    for (const int id : inputs.ids) add_to_hash(hash, static_cast<std::uint64_t>(id) + 1);
    add_to_hash(hash, 0U);
    for (const int id : inputs.target_ids) add_to_hash(hash, static_cast<std::uint64_t>(id) + 1);
    return hash;
}

}  // namespace

void Program::visit_options(OptionVisitor& v) {
    v.begin("look");
    look_.visit(v);
    v.end();
    v.begin("compute");
    compute_.visit(v);
    v.end();
    v.begin("panels");
    shell_.panels.visit(v);
    v.end();
    v.begin("figure");
    figures_.options.visit(v);
    v.end();
    document_.views.visit(v);
}

VisitOptions Program::option_visit() {
    return [this](OptionVisitor& v) { visit_options(v); };
}

PersonState Program::person() {
    return {document_.inputs(), document_.wanted(), read_options(option_visit())};
}

void Program::restore(const PersonState& state) {
    set_options(state.options);
    document_.restore(state.inputs, state.selection);
}

void Program::set_options(const std::vector<OptionValue>& options) {
    const VisitOptions visit = option_visit();
    const std::vector<OptionValue> before = read_options(visit);
    try {
        for (const OptionValue& option : options) {
            const auto known =
                std::find_if(before.begin(), before.end(),
                             [&](const OptionValue& own) { return own.name == option.name; });
            if (known == before.end() || known->value == option.value) continue;
            set_option(visit, option.name, option.value);
        }
    } catch (const Error&) {
        for (const OptionValue& option : before) set_option(visit, option.name, option.value);
        throw;
    }
}

std::vector<OptionValue> Program::changed_options() {
    std::vector<OptionValue> changed = read_options(option_visit());
    // Both lists come from one visit: they have the same options in the same order.
    auto first = first_options_.begin();
    std::erase_if(changed, [&](const OptionValue& option) { return option == *first++; });
    return changed;
}

void Program::settle() {
    history_.settle(person());
    ++person_version_;
}

void Program::update() {
    note_changes();
    if (document_.update()) settle();
    follow_examples();
    try {
        generate_next();
        if (unfinished_ && unfinished_()) unfinished_ = nullptr;
    } catch (const Error& error) {
        to_generate_ = 0;
        unfinished_ = nullptr;
        document_.show_error(error.what());
    }
}

void Program::note_changes() {
    std::uint64_t hash = hash_options(option_visit());
    add_to_hash(hash, hash_inputs(document_.inputs()));
    add_to_hash(hash, document_.wanted());
    if (hash == person_hash_) return;
    person_hash_ = hash;
    PersonState now = person();
    if (now == history_.present()) return;
    ++person_version_;
    // Nobody wants to go back to before the first model.
    if (history_.present().inputs.model.empty()) {
        history_.settle(std::move(now));
        return;
    }
    std::string name = name_change(history_.present(), now, list_options(option_visit()));
    history_.note(std::move(now), std::move(name), now_s_);
}

// The text that has the keys, which takes back what was typed itself.
const TextEdit* Program::typed_edit() const {
    const SentenceBarState& bar = shell_.sentence;
    if (!bar.is_typing) return nullptr;
    if (bar.text.has_keys) return &bar.text.edit;
    return bar.extra.has_keys ? &bar.extra.edit : &bar.second.edit;
}

void Program::note_work() {
    WorkState& work = shell_.work;
    const bool was_busy = work.is_busy;
    work.is_busy = is_busy();
    work.is_pass = document_.is_busy();
    work.progress = document_.progress();
    work.backend = backend_->reason();
    if (!work.is_pass) {
        const JobThread::Progress progress = jobs_.progress();
        work.progress = {progress.done, progress.total};
    }
    if (!was_busy) work.since_s = now_s_;
}

bool Program::can_dismiss() const {
    return is_busy() || !document_.error().empty() || !document_.notes().empty() ||
           shell_.panels.arrangement.maximised.has_value();
}

// One thing at a time, the most urgent first.
void Program::dismiss() {
    if (is_busy()) {
        to_generate_ = 0;
        unfinished_ = nullptr;
        document_.cancel();
        jobs_.cancel_all();
    } else if (!document_.error().empty() || !document_.notes().empty()) {
        document_.dismiss_messages();
    } else {
        shell_.panels.arrangement.maximised.reset();
    }
}

void Program::add_history_actions() {
    const auto titled = [](const char* verb, const std::string& name) {
        return name.empty() ? std::string(verb) : verb + (": " + name);
    };
    actions_.add({"undo",
                  "Undo",
                  "",
                  {{true, false, false, 'Z'}},
                  [this] { return history_.can_undo(); },
                  [this] {
                      const TextEdit* edit = typed_edit();
                      return edit == nullptr || !edit->can_undo();
                  },
                  [this](ActionArguments) {
                      note_changes();
                      if (history_.can_undo()) restore(history_.undo());
                  },
                  [this, titled] { return titled("Undo", history_.undo_name()); }});
    actions_.add({"redo",
                  "Redo",
                  "",
                  {{true, true, false, 'Z'}, {true, false, false, 'Y'}},
                  [this] { return history_.can_redo(); },
                  [this] {
                      const TextEdit* edit = typed_edit();
                      return edit == nullptr || !edit->can_redo();
                  },
                  [this](ActionArguments) {
                      note_changes();
                      if (history_.can_redo()) restore(history_.redo());
                  },
                  [this, titled] { return titled("Redo", history_.redo_name()); }});
    actions_.add({"dismiss",
                  "Cancel, close the message, or restore",
                  "",
                  {{false, false, false, kKeyEscape}},
                  [this] { return can_dismiss(); },
                  [this] { return controls_.popups.open.empty(); },
                  [this](ActionArguments) { dismiss(); }});
    actions_.add({"run-again",
                  "Run again",
                  "",
                  {{false, false, false, kKeyF1 + 4}},
                  [this] { return !document_.model_name().empty(); },
                  {},
                  [this](ActionArguments) {
                      jobs_.retry_cancelled();
                      document_.run_again();
                  }});
    actions_.add({"close-message",
                  "Close the message",
                  "",
                  {},
                  [this] { return !document_.error().empty() || !document_.notes().empty(); },
                  {},
                  [this](ActionArguments) { document_.dismiss_messages(); }});
}

}  // namespace heed::app
