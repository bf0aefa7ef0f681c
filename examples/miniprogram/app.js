// The app signs nobody in: whoever opens it is a guest until they want something that needs a name.

App({});
