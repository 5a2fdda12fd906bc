// What to begin with: the list follows the model, and an entry becomes what is run.
#include "app/window/program.h"
#include "core/base/error.h"

namespace heed::app {

void Program::follow_examples() {
    if (document_.model() == examples_model_) return;
    examples_model_ = document_.model();
    std::vector<Example> own;
    try {
        if (examples_model_ != nullptr) own = load_model_examples(examples_model_->summary().path);
    } catch (const Error& error) {
        document_.show_note(std::string("The model's examples are left out: ") + error.what());
    }
    shell_.sentence.examples = own.empty() ? load_examples() : std::move(own);
    shell_.commands.examples = shell_.sentence.examples;
}

void Program::add_example_actions() {
    actions_.add({"example",
                  "Begin with an entry of the list of examples",
                  "NUMBER",
                  {},
                  {},
                  {},
                  [this](ActionArguments arguments) {
                      const std::vector<Example>& examples = shell_.sentence.examples;
                      const int last = static_cast<int>(examples.size()) - 1;
                      const int number = parse_action_number("example", arguments, 0, 0, last);
                      const Example& example = examples[static_cast<std::size_t>(number)];
                      if (example.image) return document_.set_image(*example.image);
                      DocumentInputs inputs = document_.inputs();
                      inputs.text = example.text;
                      inputs.pair = example.pair;
                      inputs.other = example.other;
                      inputs.target = example.target;
                      inputs.image.reset();
                      inputs.sketch.reset();
                      inputs.ids.clear();
                      inputs.target_ids.clear();
                      document_.restore(std::move(inputs), document_.wanted());
                  }});
}

}  // namespace heed::app
